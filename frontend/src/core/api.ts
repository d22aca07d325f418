/** The server, typed. */

import type {
  ActionRequest, ImageDetail, ImagePage, ImagePatch, ImageQuery, ImportReport, ObjectClass, Project,
  SegmentRequest, Segmentation, Settings,
} from "./types";

/** Every method rejects with an ApiError (errors.ts). */
export interface Api {
  login(token: string): Promise<void>;
  logout(): Promise<void>;
  setAuthor(name: string): Promise<void>;
  project(): Promise<Project>;
  changeSettings(settings: Settings): Promise<void>;
  refreshPhotos(): Promise<void>;
  images(query: ImageQuery, signal?: AbortSignal): Promise<ImagePage>;
  image(imageId: number, signal?: AbortSignal): Promise<ImageDetail>;
  patchImage(imageId: number, patch: ImagePatch): Promise<ImageDetail>;
  segment(request: SegmentRequest, signal?: AbortSignal): Promise<Segmentation>;
  apply(imageId: number, action: ActionRequest, signal?: AbortSignal): Promise<ImageDetail>;
  undo(imageId: number, version: number, signal?: AbortSignal): Promise<ImageDetail>;
  redo(imageId: number, version: number, signal?: AbortSignal): Promise<ImageDetail>;
  addClass(name: string, color: string): Promise<ObjectClass>;
  changeClass(classId: number, change: { name?: string; color?: string; order?: number }): Promise<ObjectClass>;
  removeClass(classId: number): Promise<void>;
  exportLosses(format: string): Promise<readonly string[]>;
  importFile(format: string, file: Blob): Promise<ImportReport>;
  /** Addresses for <img>, tiles and downloads. */
  thumbnailUrl(imageId: number, sidePx: number): string;
  tileUrl(imageId: number, level: number, column: number, row: number, content: string): string;
  exportUrl(format: string, tolerancePx: number): string;
  statisticsCsvUrl(): string;
}
