/** The words of the window, in the person's language where there is one. */
import { en } from "./en";

/** What every language must have: a missing word does not compile. */
export type Words = typeof en;

const languages: Record<string, Words> = { en };

const language = navigator.language.split("-")[0] ?? "en";
export const words: Words = languages[language] ?? en;

/** The language in force, for dates, numbers and the page's `lang`. */
export const locale: string = language in languages ? navigator.language : "en";
