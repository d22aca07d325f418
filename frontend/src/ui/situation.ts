import type { SessionState } from "../core/state";

/**
 * What a person had at hand, as text: a note about it is out of date once this is another.
 * Nothing in it changes by an answer of the server alone, such as an object's id.
 */
export function situationOf({ image, tool, objects, selected, draft, project }: SessionState): string {
  const chosen = objects.flatMap(({ id, locked }, place) =>
    selected.includes(id) ? [`${place}${locked ? " locked" : ""}`] : []);
  return JSON.stringify([
    image?.id, tool, chosen, draft && draft.points.length, project?.classes.length,
  ]);
}
