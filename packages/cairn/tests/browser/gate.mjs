// Drives headless Chromium over pages and prints one JSON line per page: what is wrong, and what it weighs.
//   node gate.mjs < job.json
//   job: {chromium, base, sandbox, pages: [{name, url, cookies: {name: value}, status, says, steps}]}
// Steps lead to pages that lie behind a form: {fill: {field: text}}, {tick: [[field, value]]},
// {choose: {field: {name, base64}}}, {forget: true} drops the cookies, {press: words of the button}.
// Words in `says` have to stand on the page that they lead to.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const job = JSON.parse(fs.readFileSync(0, 'utf8'));
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const AT_ONCE = 2;
const MOST_STOPS = 45;
const PATIENCE = 15_000;
const STRETCHED = {
  spacing: '*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}',
  text200: 'html{font-size:200%!important}',
};
const browser = await chromium.launch({
  executablePath: job.chromium,
  args: [...(job.sandbox ? [] : ['--no-sandbox']), '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

async function open(page, options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(PATIENCE);
  const host = job.base.startsWith('file:') ? null : new URL(job.base).hostname;
  const cookies = Object.entries(page.cookies ?? {}).map(([name, value]) => ({ name, value, domain: host, path: '/' }));
  if (cookies.length) await context.addCookies(cookies);
  return context;
}

async function take(tab, step) {
  for (const [name, text] of Object.entries(step.fill ?? {})) {
    const field = tab.locator(`main [name="${name}"]`).first();
    if (await field.evaluate(e => e.tagName === 'SELECT')) await field.selectOption(text); else await field.fill(text);
  }
  for (const [name, value] of step.tick ?? []) await tab.locator(`main input[name="${name}"]${value ? `[value="${value}"]` : ''}`).first().check({ force: true });
  for (const [name, file] of Object.entries(step.choose ?? {})) {
    await tab.locator(`main [name="${name}"]`).first().setInputFiles({ name: file.name, mimeType: 'application/octet-stream', buffer: Buffer.from(file.base64, 'base64') });
  }
  if (step.forget) await tab.context().clearCookies();
  if (step.press) {
    const answered = tab.waitForResponse(r => r.request().method() === 'POST' || r.request().isNavigationRequest());
    await tab.locator('main button:not(.vh), .bar button').filter({ hasText: step.press }).first().click();
    await answered;
    await tab.waitForLoadState('load');
  }
}

// Colours glide when light turns dark; what is judged is where they end.
const STILL = '*,*::before,*::after{transition:none!important;animation:none!important}';
const settled = tab => tab.evaluate(text => new Promise(done => {
  const sheet = new CSSStyleSheet(); sheet.replaceSync(text); document.adoptedStyleSheets = [sheet];
  requestAnimationFrame(() => requestAnimationFrame(() => done()));
}), STILL);
const overflow = tab => tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const clipped = tab => tab.evaluate(() => [...document.querySelectorAll('main *')].filter(e => {
  const style = getComputedStyle(e);
  return style.clipPath !== 'inset(50%)' && !e.matches('svg,svg *,img,.rosette,.hero-badge,input,textarea,iframe') && e.clientWidth > 0 && /hidden|clip/.test(style.overflowX)
    && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1) && !e.closest('svg');
}).map(e => `${e.tagName}.${e.className}`).slice(0, 3));
const axe = tab => tab.evaluate(tags => globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } })
  .then(r => r.violations.map(v => `${v.id} ×${v.nodes.length} ${v.nodes[0].target}`)), TAGS);

async function keyboard(tab, faults) {
  const stops = await tab.evaluate(() => document.querySelectorAll('a[href],button,input,textarea,select,summary,[tabindex="0"]').length);
  for (let i = 0; i < Math.min(stops + 2, MOST_STOPS); i++) {
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

async function stretched(tab, faults) {
  for (const [name, css] of Object.entries(STRETCHED)) {
    // An adopted sheet passes the page's own content policy, which stays on.
    await tab.evaluate(text => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text); document.adoptedStyleSheets = [sheet]; }, css);
    const cut = await clipped(tab);
    if (cut.length) faults.push(`${name}: clipped ${cut}`);
    const wider = await overflow(tab);
    if (wider > 0) faults.push(`${name}: ${wider} px too wide`);
    await tab.evaluate(() => { document.adoptedStyleSheets = []; });
  }
}

async function withoutScript(page, words, faults) {
  const context = await open(page, { javaScriptEnabled: false });
  const tab = await context.newPage();
  await tab.goto(page.url);
  const bare = await tab.locator('main').innerText();
  if (Math.abs(words.length - bare.length) > 5) faults.push(`text differs without JavaScript: ${words.length} and ${bare.length}`);
  await context.close();
}

async function judge(page) {
  const faults = [], foreign = new Set();
  let bytes = 0, requests = 0, status = 0, violations = 0;
  const context = await open(page, {});
  try {
    const tab = await context.newPage();
    const cdp = await context.newCDPSession(tab);
    await cdp.send('Network.enable');
    cdp.on('Network.loadingFinished', e => { bytes += e.encodedDataLength; });
    tab.on('request', r => { requests++; if (!r.url().startsWith(job.base) && !/^(data|blob|about):/.test(r.url())) foreign.add(r.url()); });
    tab.on('response', r => {
      const asked = r.request();
      if ((asked.isNavigationRequest() && asked.frame() === tab.mainFrame()) || asked.method() === 'POST') { if (r.status() < 300 || r.status() >= 400) status = r.status(); }
      else if (r.status() >= 400) faults.push(`${r.status()} for ${r.url()}`);
    });
    tab.on('console', m => { if (m.type() === 'error' && !/Failed to load resource/.test(m.text())) faults.push(`console: ${m.text().slice(0, 160)}`); });
    tab.on('pageerror', e => faults.push(`script: ${e.message.slice(0, 160)}`));
    await tab.goto(page.url, { waitUntil: 'load' });
    await tab.evaluate(() => document.fonts.ready.then(() => null));
    const [kilobytes, asked] = [Math.round(bytes / 102.4) / 10, requests];
    for (const step of page.steps ?? []) await take(tab, step);
    if (page.says) await tab.locator('main').getByText(page.says).first().waitFor();
    if (page.status && status !== page.status) faults.push(`answered ${status} instead of ${page.status}`);
    // What the answer put into focus is where a keyboard starts; the walk starts at the top.
    await tab.evaluate(() => document.activeElement?.blur());

    const h1 = await tab.locator('h1').count();
    if (h1 !== 1) faults.push(`${h1} h1`);
    if (!await tab.evaluate(() => document.documentElement.lang && document.documentElement.dir)) faults.push('no lang or dir');
    if (!page.steps?.length) await withoutScript(page, await tab.locator('main').innerText(), faults);
    await keyboard(tab, faults);
    await stretched(tab, faults);
    await tab.evaluate(axeSource);
    for (const colorScheme of ['light', 'dark']) for (const width of [1280, 320]) {
      await tab.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await tab.setViewportSize({ width, height: 800 });
      await settled(tab);
      const found = await axe(tab);
      violations += found.length;
      for (const fault of found) faults.push(`axe ${colorScheme} ${width}: ${fault}`);
      const wide = await overflow(tab);
      if (wide > 0) faults.push(`reflow ${colorScheme} ${width}: ${wide} px too wide`);
    }
    await unfolded(tab, faults);
    if (foreign.size) faults.push(`foreign requests: ${[...foreign].slice(0, 3)}`);
    return { name: page.name, url: page.url, status, faults, violations, kilobytes, requests: asked };
  } catch (fault) {
    const words = await context.pages()[0]?.locator('main').innerText().catch(() => '') ?? '';
    faults.push(`could not be judged: ${String(fault).slice(0, 300)} The page says: ${words.slice(0, 300)}`);
    return { name: page.name, url: page.url, status, faults, violations, kilobytes: 0, requests };
  } finally {
    await context.close();
  }
}

// Menus and folds hide words until somebody opens them: one more look with all of them open.
async function unfolded(tab, faults) {
  const opened = await tab.evaluate(() => { const shut = [...document.querySelectorAll('details:not([open])')]; shut.forEach(e => { e.open = true; }); return shut.length; });
  if (!opened) return;
  await tab.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await settled(tab);
  const wide = await overflow(tab);
  if (wide > 0) faults.push(`unfolded 320: ${wide} px too wide`);
  // An open menu lies over what is below it, so sizes of targets there say nothing.
  const found = (await axe(tab)).filter(fault => !fault.startsWith('target-size'));
  for (const fault of found) faults.push(`axe unfolded 320: ${fault}`);
}

const waiting = [...job.pages];
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  for (let page = waiting.shift(); page; page = waiting.shift()) console.log(JSON.stringify(await judge(page)));
}));
await browser.close();
