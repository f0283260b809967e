/** Puts a text on the clipboard; false where the system refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByHand(text);
  }
}

/** The clipboard's text, put over what stands in a field or to be put there; null where the system lets a page have none. */
export async function pastedText(field: HTMLInputElement): Promise<string | null> {
  field.focus();
  field.select();
  try {
    // WebKitGTK reads an empty text where another program has the clipboard, but pastes what it has.
    if (document.execCommand("paste")) return field.value;
  } catch {
    // Then it is read.
  }
  try {
    return await navigator.clipboard.readText();
  } catch {
    return null;
  }
}

/** Older web views allow copying from a selection alone. */
function copyByHand(text: string): boolean {
  const field = document.createElement("textarea");
  const before = document.activeElement;
  field.value = text;
  field.setAttribute("readonly", "");
  field.className = "said";
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    if (before instanceof HTMLElement) before.focus();
  }
}
