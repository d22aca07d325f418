import { expect, test } from "vitest";

import { ApiError, UnreachableError } from "./errors";
import { FakeServer } from "./testing/fake-server";
import { WhoseProject } from "./whose-project";

const photo = { path: "photo-1.jpg", content: "hash-1" };

function whose(): { server: FakeServer; project: WhoseProject } {
  const server = new FakeServer();
  return { server, project: new WhoseProject(server.api()) };
}

test("an image is its own while its path or its content is the same", async () => {
  const { server, project } = whose();
  project.doubt();
  expect((await project.imageFor({ imageId: 1, photo })).id).toBe(1);
  expect(project.doubted).toBe(false);
  server.photoIs(1, { path: "moved.jpg", content: "hash-1" });
  expect((await project.imageFor({ imageId: 1, photo })).path).toBe("moved.jpg");
  server.photoIs(1, { path: "photo-1.jpg", content: "new" });
  expect((await project.imageFor({ imageId: 1, photo })).content).toBe("new");
});

test("another photo, or none, is of another project: it is asked for again later", async () => {
  const { server, project } = whose();
  server.photoIs(1, { path: "cow.jpg", content: "cow" });
  await expect(project.imageFor({ imageId: 1, photo })).rejects.toBeInstanceOf(UnreachableError);
  expect(project.doubted).toBe(true);
  server.failNext("image", new ApiError("There is no image 1.", 404, "not_found"));
  await expect(project.imageFor({ imageId: 1, photo })).rejects.toBeInstanceOf(UnreachableError);
  server.failNext("image", new ApiError("There is no image 1.", 404, "not_found"));
  await expect(project.imageFor({ imageId: 1, photo: undefined })).rejects.toThrow("no image 1");
  server.photoIs(1, photo);
  await project.imageFor({ imageId: 1, photo });
  expect(project.doubted).toBe(false);
});

test("other projects' images are found, and a server that does not answer is doubted", async () => {
  const { server, project } = whose();
  server.photoIs(2, { path: "cow.jpg", content: "cow" });
  const done = [
    { imageId: 1, photo },
    { imageId: 2, photo: { path: "photo-2.jpg", content: "hash-2" } },
    { imageId: 3, photo: undefined },
  ];
  expect(await project.imagesOfOthers(done)).toEqual(new Set([2]));
  expect(project.doubted).toBe(false);
  server.failNext("image", new UnreachableError("The server does not answer.", 0, "x"));
  expect(await project.imagesOfOthers(done)).toEqual(new Set([2]));
  expect(project.doubted).toBe(true);
});
