import { ImageError, type Picture, readImage } from '../io/image/read-image.ts';

/** The picture, or null after saying on stderr what is wrong with the file. */
export async function pictureOrComplaint(file: string): Promise<Picture | null> {
  try {
    return await readImage(file);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    process.stderr.write(`fevergate: ${error.message}\n`);
    return null;
  }
}
