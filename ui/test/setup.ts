import "@testing-library/jest-dom/vitest";
import { configure } from "@testing-library/svelte";

// What jsdom leaves out and every web view has.
Element.prototype.scrollIntoView = () => undefined;
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
Blob.prototype.text ??= function (this: Blob) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result as string);
    reader.readAsText(this);
  });
};
HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
  this.open = false;
};

configure({
  // A whole window printed into a failure hides the failure.
  getElementError: (message) => new Error(message ?? "no such element"),
  asyncUtilTimeout: 20_000,
});
