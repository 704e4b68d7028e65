/* The words of a page that stand in its HTML, and the choice of its language. */

import { LANGUAGES, keepLanguage, languageName, loadStrings, t } from "/static/strings.js";

/** Load a part of the strings, write them into the page, and offer the other languages in a `select`. */
export async function speak(part, select, redraw = () => location.reload()) {
  const chosen = await loadStrings(undefined, part);
  write();
  select.setAttribute("aria-label", t(`${part}language`));
  select.replaceChildren(...LANGUAGES.map((lang) => new Option(languageName(lang), lang, false, lang === chosen)));
  select.addEventListener("change", async () => {
    keepLanguage(select.value);
    await loadStrings(select.value, part);
    write();
    redraw();
  });
}

function write() {
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
}
