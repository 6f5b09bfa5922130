// Opens pages in both themes and at two widths, and fails if one loads, logs, overflows or stays blank.
const [folder, ...pages] = process.argv.slice(2);
const { chromium } = require(`${folder}/node_modules/playwright-core`);

(async () => {
  const browser = await chromium.launch({ executablePath: process.env.BROWSER, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
  let failures = 0;
  const check = (holds, what) => { if (!holds) { failures += 1; console.error(`FAILED: ${what}`); } };
  for (const name of pages) {
    const backgrounds = {};
    for (const colorScheme of ["light", "dark"]) for (const width of [1280, 390]) {
      const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
      const where = `${name}, ${colorScheme}, ${width} px`;
      page.on("console", (message) => check(false, `${where}: ${message.text()}`));
      page.on("pageerror", (error) => check(false, `${where}: ${error}`));
      page.on("dialog", (dialog) => { check(false, `${where}: a script of the data ran`); dialog.dismiss(); });
      const requests = [];
      page.on("request", (request) => requests.push(request.url()));
      await page.goto(`file://${folder}/${name}`);
      const seen = await page.evaluate(() => ({
        scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth,
        background: getComputedStyle(document.body).backgroundColor,
        charts: document.querySelectorAll("svg[role=img]").length,
        drawn: [...document.querySelectorAll("svg rect")].filter((bar) => bar.getBoundingClientRect().width > 1).length,
        nameless: [...document.querySelectorAll("svg")].filter((svg) => !svg.querySelector("title") || !svg.querySelector("desc")).length,
      }));
      backgrounds[colorScheme] = seen.background;
      check(requests.length === 1, `${where}: it loads ${requests.slice(1)}`);
      check(seen.scroll <= seen.client, `${where}: ${seen.scroll} px wide`);
      check(seen.charts > 3 && seen.drawn > 8 && seen.nameless === 0, `${where}: charts are ${JSON.stringify(seen)}`);
      await page.close();
    }
    check(backgrounds.light !== backgrounds.dark, `${name}: both themes have ${backgrounds.light}`);
  }
  await browser.close();
  if (failures > 0) process.exit(1);
  console.log(`${pages.length} pages are well in both themes and at both widths`);
})();
