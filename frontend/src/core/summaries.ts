/** An image's line in the list, and the project's counts, after a change. */

import type { ImageDetail, ImageSummary, ProjectCounts } from "./types";

export function summaryOf(image: ImageDetail): ImageSummary {
  const { id, path, width, height, status, reviewed_by, version, missing, changed } = image;
  const { problem, content, objects, lowest_confidence } = image;
  return {
    id, path, width, height, status, reviewed_by, version, missing, changed, problem, content,
    objects: objects.length,
    lowest_confidence,
  };
}

export function countedAgain(
  counts: ProjectCounts,
  before: ImageSummary,
  now: ImageSummary,
): ProjectCounts {
  const objects = counts.objects + now.objects - before.objects;
  if (before.status === now.status) {
    return objects === counts.objects ? counts : { ...counts, objects };
  }
  return {
    ...counts,
    objects,
    [before.status]: counts[before.status] - 1,
    [now.status]: counts[now.status] + 1,
  };
}
