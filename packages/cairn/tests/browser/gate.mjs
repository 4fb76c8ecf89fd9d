// Drives headless Chromium over pages and prints one JSON line per page: what is wrong, and what it weighs.
//   node gate.mjs < job.json      job: {chromium, base, sandbox, pages: [{name, url, cookies: {name: value}}]}
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const job = JSON.parse(fs.readFileSync(0, 'utf8'));
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const browser = await chromium.launch({
  executablePath: job.chromium,
  args: [...(job.sandbox ? [] : ['--no-sandbox']), '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

async function open(page, options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
  const url = new URL(job.base);
  await context.addCookies(Object.entries(page.cookies).map(([name, value]) => ({ name, value, domain: url.hostname, path: '/' })));
  return context;
}
const overflow = tab => tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const clipped = tab => tab.evaluate(() => [...document.querySelectorAll('main *')].filter(e => {
  const style = getComputedStyle(e);
  return !e.matches('.vh,svg,svg *,img,.rosette,.hero-badge,input,textarea,iframe') && e.clientWidth > 0 && /hidden|clip/.test(style.overflowX)
    && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1) && !e.closest('svg');
}).map(e => `${e.tagName}.${e.className}`).slice(0, 3));

async function axe(tab) {
  await tab.evaluate(axeSource);
  return tab.evaluate(tags => globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags }, rules: { 'target-size': { enabled: true } } })
    .then(r => r.violations.map(v => `${v.id} ×${v.nodes.length} ${v.nodes[0].target}`)), TAGS);
}

async function keyboard(tab, faults) {
  const stops = await tab.evaluate(() => document.querySelectorAll('a[href],button,input,textarea,select,summary,[tabindex="0"]').length);
  for (let i = 0; i < Math.min(stops + 2, 80); i++) {
    await tab.keyboard.press('Tab');
    const at = await tab.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body || e.tagName === 'IFRAME') return null;
      const shown = s => parseFloat(s.outlineWidth) >= 2 && s.outlineStyle !== 'none';
      const label = e.closest('label');
      const box = e.getBoundingClientRect();
      const seen = [[.5, .5], [.05, .1], [.95, .9], [.05, .9], [.95, .1]].some(([x, y]) => {
        const hit = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
        return hit && (hit === e || e.contains(hit) || (hit.contains(e) && !hit.matches('.bar,.bar *')));
      });
      return { tag: `${e.tagName}.${e.className}#${e.id}`, outline: shown(getComputedStyle(e)) || (label && shown(getComputedStyle(label))), seen };
    });
    if (!at) break;
    if (!at.outline) faults.push(`no visible focus: ${at.tag}`);
    if (!at.seen) faults.push(`focus hidden: ${at.tag}`);
  }
}

for (const page of job.pages) {
  const faults = [];
  let bytes = 0, requests = 0, status = 0;
  const foreign = new Set();
  try {
    for (const colorScheme of ['light', 'dark']) for (const width of [320, 1280]) {
      const context = await open(page, { colorScheme, viewport: { width, height: 800 } });
      const tab = await context.newPage();
      const first = colorScheme === 'light' && width === 1280;
      if (first) {
        const cdp = await context.newCDPSession(tab);
        await cdp.send('Network.enable');
        cdp.on('Network.loadingFinished', e => { bytes += e.encodedDataLength; });
        tab.on('request', r => { requests++; if (!r.url().startsWith(job.base) && !/^(data|blob|about):/.test(r.url())) foreign.add(r.url()); });
        tab.on('console', m => { if (m.type() === 'error' && !/Failed to load resource/.test(m.text())) faults.push(`console: ${m.text().slice(0, 120)}`); });
        tab.on('pageerror', e => faults.push(`script: ${e.message.slice(0, 120)}`));
      }
      const reply = await tab.goto(page.url, { waitUntil: 'load' });
      status = reply.status();
      if (first) await tab.waitForLoadState('networkidle').catch(() => {});
      for (const fault of await axe(tab)) faults.push(`axe ${colorScheme} ${width}: ${fault}`);
      const wide = await overflow(tab);
      if (wide > 0) faults.push(`reflow ${colorScheme} ${width}: ${wide} px too wide`);
      if (first) {
        const h1 = await tab.locator('h1').count();
        if (h1 !== 1) faults.push(`${h1} h1`);
        const lang = await tab.evaluate(() => document.documentElement.lang && document.documentElement.dir);
        if (!lang) faults.push('no lang or dir');
        await keyboard(tab, faults);
        for (const [name, css] of [['spacing', '*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}'], ['text200', 'html{font-size:200%!important}']]) {
          // An adopted sheet passes the page's own content policy, which stays on.
          await tab.evaluate(text => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text); document.adoptedStyleSheets = [sheet]; }, css);
          const cut = await clipped(tab);
          if (cut.length) faults.push(`${name}: clipped ${cut}`);
          const wider = await overflow(tab);
          if (wider > 0) faults.push(`${name}: ${wider} px too wide`);
          await tab.evaluate(() => { document.adoptedStyleSheets = []; });
        }
        const plain = await open(page, { javaScriptEnabled: false });
        const bare = await plain.newPage();
        await bare.goto(page.url);
        const [with_, without] = [await tab.locator('main').innerText(), await bare.locator('main').innerText()];
        if (Math.abs(with_.length - without.length) > 5) faults.push(`text differs without JavaScript: ${with_.length} and ${without.length}`);
        await plain.close();
      }
      await context.close();
    }
  } catch (fault) {
    faults.push(`could not be opened: ${String(fault).slice(0, 200)}`);
  }
  if (foreign.size) faults.push(`foreign requests: ${[...foreign].slice(0, 3)}`);
  console.log(JSON.stringify({ name: page.name, url: page.url, status, faults, kilobytes: Math.round(bytes / 102.4) / 10, requests }));
}
await browser.close();
