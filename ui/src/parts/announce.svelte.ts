/** What is read out politely: at most one sentence in a second and a half, the newest wins. */
const PAUSE_MS = 1500;

let spoken = $state.raw("");
let next: string | null = null;
let timer: ReturnType<typeof setTimeout> | null = null;

export const announcement = {
  get text(): string {
    return spoken;
  },
};

/** Says a sentence to those who listen. */
export function announce(text: string): void {
  if (timer !== null) {
    next = text;
    return;
  }
  // The same sentence twice in a row is only read again when the text differs.
  spoken = spoken === text ? `${text}\u00a0` : text;
  timer = setTimeout(() => {
    timer = null;
    if (next !== null) {
      const text = next;
      next = null;
      announce(text);
    }
  }, PAUSE_MS);
}
