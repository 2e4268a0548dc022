import { assertEquals } from "@std/assert";
import { writeWhole } from "../../tasks/files.ts";
import { headCommit } from "../../tasks/provenance.ts";
import { inFolder } from "../fixtures/tiny_run.ts";

const [first, second] = ["1".repeat(40), "2".repeat(40)];

/** A repository with a commit of each of two branches, one of them packed, as git lays them out. */
async function writeRepository(folder: string): Promise<void> {
  await writeWhole(`${folder}/.git/HEAD`, "ref: refs/heads/main\n");
  await writeWhole(`${folder}/.git/refs/heads/main`, `${first}\n`);
  await writeWhole(`${folder}/.git/packed-refs`, `# pack-refs\n${second} refs/heads/other\n`);
}

Deno.test("the commit of a checkout is read from its branch, loose or packed, or from HEAD itself", () =>
  inFolder(async (folder) => {
    await writeRepository(folder);
    assertEquals(await headCommit(folder), first);
    await writeWhole(`${folder}/.git/HEAD`, "ref: refs/heads/other\n");
    assertEquals(await headCommit(folder), second);
    await writeWhole(`${folder}/.git/HEAD`, `${first}\n`);
    assertEquals(await headCommit(folder), first);
  }));

Deno.test("a worktree has the commit of its own HEAD, whose branch is kept with the main checkout's", () =>
  inFolder(async (folder) => {
    await writeRepository(`${folder}/main`);
    const own = `${folder}/main/.git/worktrees/tree`;
    await writeWhole(`${own}/HEAD`, "ref: refs/heads/other\n");
    await writeWhole(`${own}/commondir`, "../..\n");
    for (const named of [own, "../main/.git/worktrees/tree"]) {
      await writeWhole(`${folder}/tree/.git`, `gitdir: ${named}\n`);
      assertEquals(await headCommit(`${folder}/tree`), second);
    }
  }));

Deno.test("a submodule has the commit that its own folder in the outer repository names", () =>
  inFolder(async (folder) => {
    await writeWhole(`${folder}/.git/modules/inner/HEAD`, `${second}\n`);
    await writeWhole(`${folder}/inner/.git`, "gitdir: ../.git/modules/inner\n");
    assertEquals(await headCommit(`${folder}/inner`), second);
  }));

Deno.test("where nothing can be read there is no commit, and nothing fails", () =>
  inFolder(async (folder) => {
    assertEquals(await headCommit(folder), null);
    for (const text of ["", "gitdir: gone\n", "no such thing\n"]) {
      await writeWhole(`${folder}/.git`, text);
      assertEquals(await headCommit(folder), null);
    }
  }));
