import type { Conflict, SessionState } from "../core/state";
import { textButton } from "./buttons";
import type { PageContext, Part } from "./context";
import { h } from "./dom";

/** Two people changed one object: both versions are kept until one is chosen. */
export function conflicts({ session }: PageContext): Part {
  const element = h("div", { class: "conflicts", role: "alert", hidden: true });
  return {
    element,
    update: (state, before) => {
      const same = before && state.conflicts === before.conflicts && state.image?.id === before.image?.id;
      if (same) return;
      element.hidden = state.conflicts.length === 0;
      element.replaceChildren(...state.conflicts.map((conflict) => row(conflict, state)));
    },
  };

  async function show({ imageId, objectId }: Conflict): Promise<void> {
    if (session.state.image?.id !== imageId) await session.openImage(imageId);
    if (session.state.image?.id === imageId) session.select([objectId]);
  }

  function row(conflict: Conflict, state: SessionState): HTMLElement {
    const name = state.project?.classes.find(({ id }) => id === conflict.mine.class_id)?.name ?? "object";
    const text = conflictText(conflict, name, state.image?.id);
    return h("div", { class: "conflict" }, h("span", { text }),
      textButton("Show", () => void show(conflict), { class: "quiet small" }),
      textButton("Keep yours", () => session.resolveConflict(conflict.key, "mine"), { class: "small", keys: "Shift+M" }),
      textButton(conflict.theirs ? "Keep theirs" : "Leave deleted",
        () => session.resolveConflict(conflict.key, "theirs"), { class: "small", keys: "Shift+K" }));
  }
}

/** It names the image where another one is shown: nobody chooses between what is not seen. */
export function conflictText(
  { imageId, photo, theirs }: Conflict, name: string, shownId: number | undefined,
): string {
  const where = imageId === shownId ? "" : ` on ${photo?.path ?? "another image"}`;
  return theirs
    ? `${theirs.author} changed this ${name}${where} at the same time.`
    : `Someone deleted this ${name}${where} while you changed it.`;
}
