// Opens pages that hold strangers' payloads and prints one JSON line per page: what ran, left or grew there.
//   node payloads.mjs < job.json
//   job: {chromium, base, sandbox, plain: [page], pages: [page], raw: [html]}
//   page: {name, url, file, texts, asks, sources}
// `plain` are pages by which the others are measured: what they ask for, the others may ask for, and the elements
// and attributes that they have, the others may have, and those of Markdown. `asks` and `sources` are allowed
// beside. `file` {name, base64} is handed in at `url`. `texts` {selector: [text]} have to stand on the page letter
// by letter. The page's content policy is switched
// off: what is seen here is what escaping alone does. `raw` is shown as it is, to see that this would be seen.
import fs from 'node:fs';
import { chromium } from 'playwright-core';

const job = JSON.parse(fs.readFileSync(0, 'utf8'));
const AT_ONCE = 2;
const MARKDOWN = ['p', 'em', 'strong', 'ul', 'ol', 'li', 'a', 'code', 'pre', 'blockquote', 'br', 'h3', 'h4', 'mark'];
const HARMLESS = /^(https?:\/\/|mailto:|\/|#)/i;
const browser = await chromium.launch({
  executablePath: job.chromium,
  args: [...(job.sandbox ? [] : ['--no-sandbox']), '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// Every kind of element, attribute and source on a page, each once, with the addresses that lead somewhere.
const shape = tab => tab.evaluate(() => {
  const [tags, names, sources, addresses] = [new Set(), new Set(), new Set(), new Set()];
  for (const e of document.querySelectorAll('*')) {
    tags.add(e.localName === 'script' && !e.hasAttribute('src') ? 'script without a source' : e.localName);
    for (const { name, value } of e.attributes) {
      names.add(name);
      if (name === 'src') sources.add(value);
      if (/^(xlink:)?href$|action$/.test(name)) addresses.add(value);
    }
  }
  return { tags: [...tags], names: [...names], sources: [...sources], addresses: [...addresses] };
});

function grown(found, known) {
  return [
    ...found.tags.filter(tag => !known.tags.has(tag)).map(tag => `element: ${tag}`),
    ...found.names.filter(name => !known.names.has(name)).map(name => `attribute: ${name}`),
    ...found.sources.filter(source => !known.sources.has(source)).map(source => `source: ${source.slice(0, 80)}`),
    ...found.addresses.filter(address => !HARMLESS.test(address)).map(address => `address: ${address.slice(0, 80)}`),
  ];
}

async function watched(lead, known) {
  const faults = [], asked = new Set();
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(15_000);
  await context.route(url => !url.href.startsWith(job.base), route => route.abort());
  const tab = await context.newPage();
  context.on('page', () => faults.push('window opened'));
  tab.on('dialog', dialog => { faults.push(`dialog: ${dialog.message().slice(0, 60)}`); dialog.dismiss().catch(() => null); });
  tab.on('pageerror', fault => faults.push(`script: ${fault.message.slice(0, 80)}`));
  tab.on('request', request => asked.add(request.url()));
  await lead(tab).catch(fault => faults.push(`did not come: ${String(fault).slice(0, 200)}`));
  // What waits for a pointer or a key gets both; links and buttons are judged by where they lead.
  await tab.evaluate(() => {
    for (const e of document.body.querySelectorAll('*')) for (const kind of ['mouseover', 'focus']) e.dispatchEvent(new Event(kind));
  });
  await tab.waitForTimeout(100);
  const found = await shape(tab);
  if (known) {
    for (const url of asked) if (!known.asked.has(url)) faults.push(`request: ${url.slice(0, 100)}`);
    faults.push(...grown(found, known));
  }
  return { tab, context, faults, asked, found };
}

async function handIn(tab, page) {
  await tab.goto(page.url, { waitUntil: 'load' });
  if (!page.file) return;
  await tab.locator('main [name="file"]').setInputFiles({ name: page.file.name, mimeType: 'application/json', buffer: Buffer.from(page.file.base64, 'base64') });
  await tab.locator('main button[type="submit"]').click();
  await tab.locator('#checks').waitFor({ state: 'attached' });
}

async function judge(page, known) {
  const seen = await watched(tab => handIn(tab, page), known && { ...known, asked: new Set([...known.asked, page.url, ...(page.asks ?? [])]), sources: new Set([...known.sources, ...(page.sources ?? [])]) });
  for (const [selector, texts] of Object.entries(page.texts ?? {})) {
    const there = new Set(await seen.tab.locator(selector).evaluateAll(all => all.map(e => e.textContent.trim())));
    for (const text of texts) if (!there.has(text)) seen.faults.push(`not as text in ${selector}: ${text.slice(0, 80)}`);
  }
  await seen.context.close();
  return seen;
}

async function bare(html) {
  const seen = await watched(async tab => {
    await tab.route(`${job.base}/raw`, route => route.fulfill({ contentType: 'text/html', body: html }));
    await tab.goto(`${job.base}/raw`, { waitUntil: 'commit' });
    await tab.waitForTimeout(300);
  }, known);
  await seen.context.close();
  return seen;
}

const known = { asked: new Set(), tags: new Set(MARKDOWN), names: new Set(), sources: new Set() };
for (const page of job.plain) {
  const seen = await judge(page);
  for (const url of seen.asked) known.asked.add(url);
  for (const part of ['tags', 'names', 'sources']) for (const one of seen.found[part]) known[part].add(one);
  console.log(JSON.stringify({ name: page.name, faults: seen.faults }));
}
const waiting = [...job.pages.map(page => ({ name: page.name, look: () => judge(page, known) })), ...job.raw.map(html => ({ name: 'raw', look: () => bare(html) }))];
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  for (let one = waiting.shift(); one; one = waiting.shift()) {
    const { faults } = await one.look().catch(fault => ({ faults: [`could not be judged: ${String(fault).slice(0, 300)}`] }));
    console.log(JSON.stringify({ name: one.name, faults }));
  }
}));
await browser.close();
