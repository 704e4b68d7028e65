/* The words of the page in the language of the person. */

const NAMES = { en: "English", ar: "العربية", hi: "हिन्दी", es: "Español" };

/** The languages that the pages speak. */
export const LANGUAGES = Object.keys(NAMES);
let words = {};
let english = {};

/** Load the strings of the chosen language; English stands in for what it lacks. */
export async function loadStrings(chosen, part = "") {
  const lang = chosen || stored() || navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => LANGUAGES.includes(tag)) || "en";
  english = await fetchStrings(`${part}en`);
  words = lang === "en" ? english : await fetchStrings(part + lang).catch(() => english);
  document.documentElement.lang = lang;
  document.documentElement.dir = lang === "ar" ? "rtl" : "ltr";
  return lang;
}

/** A string with its {places} filled. */
export function t(key, params = {}) {
  const text = words[key] ?? english[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/** Remember a language for this browser. */
export function keepLanguage(lang) {
  try {
    localStorage.setItem("macaronic.language", lang);
  } catch {
    /* private windows may refuse; the language then lasts until the page closes */
  }
}

/** How a language is called in itself. */
export function languageName(lang) {
  return NAMES[lang] || lang;
}

function stored() {
  try {
    return localStorage.getItem("macaronic.language");
  } catch {
    return null;
  }
}

async function fetchStrings(name) {
  const answer = await fetch(`/strings/${name}.json`);
  if (!answer.ok) throw new Error(`no strings for ${name}`);
  return answer.json();
}
