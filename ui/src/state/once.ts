/** Does one thing at a time: a second press while the first is still being done does nothing. */
export function once(): (work: () => unknown) => Promise<void> {
  let under = false;
  return async (work) => {
    if (under) return;
    under = true;
    try {
      await work();
    } finally {
      under = false;
    }
  };
}
