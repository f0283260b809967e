/** Where the last file of this page went. */
import { announce } from "../parts/announce.svelte";
import { words } from "../words";
import { session } from "./session.svelte";

class Saved {
  path = $state.raw<string | null>(null);
}

export const saved = new Saved();

/** Has Rust write a file, and says where it is. */
export async function save(write: () => Promise<{ path: string } | { folder: string }>): Promise<void> {
  saved.path = null;
  await session.attempt(async () => {
    const answer = await write();
    saved.path = "path" in answer ? answer.path : answer.folder;
    announce(words.checklist.saved(saved.path));
  });
}
