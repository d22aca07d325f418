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
      if (before && state.conflicts === before.conflicts) return;
      element.hidden = state.conflicts.length === 0;
      element.replaceChildren(...state.conflicts.map((conflict) => row(conflict, state)));
    },
  };

  function row(conflict: Conflict, state: SessionState): HTMLElement {
    const name = state.project?.classes.find(({ id }) => id === conflict.mine.class_id)?.name ?? "object";
    const text = conflict.theirs
      ? `${conflict.theirs.author} changed this ${name} at the same time.`
      : `Someone deleted this ${name} while you changed it.`;
    return h("div", { class: "conflict" }, h("span", { text }),
      textButton("Show", () => session.select([conflict.objectId]), { class: "quiet small" }),
      textButton("Keep yours", () => session.resolveConflict(conflict.key, "mine"), { class: "small", keys: "Shift+M" }),
      textButton(conflict.theirs ? "Keep theirs" : "Leave deleted",
        () => session.resolveConflict(conflict.key, "theirs"), { class: "small", keys: "Shift+K" }));
  }
}
