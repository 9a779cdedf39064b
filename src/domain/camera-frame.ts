/** One camera picture in planar YUV 4:2:0 (I420), full range BT.601 (JPEG) values. */
export type CameraFrame = Readonly<{
  /** When it was exposed, ms on the gate's monotonic clock. */
  atMs: number;
  /** Even. */
  width: number;
  /** Even. */
  height: number;
  /** width x height luma bytes, then (width/2) x (height/2) U, then as many V. */
  data: Uint8Array;
}>;
