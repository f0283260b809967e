/** Small conveniences of this window, kept by the web view: never a secret, never part of a set-up. */
const YOU = "usher.you";

/** The name the person gave last, so that it is not asked twice. */
export function yourName(): string {
  try {
    return localStorage.getItem(YOU) ?? "";
  } catch {
    return "";
  }
}

export function rememberYourName(name: string): void {
  try {
    localStorage.setItem(YOU, name);
  } catch {
    // A web view without storage asks again next time: nothing is lost.
  }
}
