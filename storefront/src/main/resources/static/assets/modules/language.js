import { Store } from './store.js';

export const LANGUAGES = ['en', 'pt'];

/** The language of the page: `en` or `pt`. */
export const language = new Store(document.documentElement.lang);

let messages = {};
let plurals = new Intl.PluralRules(language.value);

async function load(tag) {
  const answer = await fetch(new URL(`../i18n/${tag}.json`, import.meta.url));
  if (!answer.ok) throw new Error(`The texts for ${tag} did not come: ${answer.status}`);
  return answer.json();
}

export async function startLanguage() {
  messages = await load(language.value);
}

/** Changes the language of the page and stores it. */
export async function speak(tag) {
  messages = await load(tag);
  plurals = new Intl.PluralRules(tag);
  document.documentElement.lang = tag;
  try {
    localStorage.setItem('feira.language', tag);
  } catch {
    // kept for this visit only
  }
  language.set(tag);
}

/** Returns whether a text of this name exists. */
export const has = (key) => Object.hasOwn(messages, key);

/**
 * Returns the text of this name. `{name}` is replaced by the parameter; `count` selects `one` or `other`.
 * A missing text shows its name; StorefrontTests finds missing texts.
 */
export function t(key, parameters = {}) {
  let text = messages[key] ?? key;
  if (typeof text === 'object') text = text[plurals.select(parameters.count ?? 0)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => parameters[name] ?? whole);
}

/** Returns the part of a `{en, pt}` text in the page's language. */
export const localized = (text) => (typeof text === 'string' ? text : (text?.[language.value] ?? text?.en ?? ''));
