import { writeSync } from 'node:fs';
import type { VidArguments } from './arguments.ts';

const SENSOR = '/base/soc/i2c0mux/i2c@1/imx219@10';

/** A line on stderr. */
export function say(line: string): void {
  writeSync(2, `${line}\n`);
}

/** What rpicam-apps print of an exception, on their way out with code -1. */
export function sayError(reason: string): void {
  say(`ERROR: *** ${reason} ***`);
}

/** What libcamera and rpicam-vid print when a camera starts. */
export function sayStart({ width, height }: VidArguments): void {
  const info = `[0:12:34.567890123] [${process.pid}] \u001b[1;32m INFO \u001b[1;37m`;
  say(`${info}Camera camera_manager.cpp:340 libcamera v0.6.0+rpt20251202`);
  say(`${info}RPI vc4.cpp:401 Registered camera ${SENSOR} to Unicam device /dev/media0`);
  say(`Mode selection for ${width}:${height}:12:P`);
  say('    SRGGB10_CSI2P,640x480/206.65 - Score: 1500');
  say('    SRGGB10_CSI2P,1640x1232/41.85 - Score: 1000');
  say('Stream configuration adjusted');
  say(`${info}Camera camera.cpp:1215 configuring streams: (0) ${width}x${height}-YUV420/sYCC (1) RAW`);
}

/** What `--list-cameras` prints on stdout. */
export const CAMERA_LIST = `Available cameras
-----------------
0 : imx219 [3280x2464 10-bit RGGB] (${SENSOR})
    Modes: 'SRGGB10_CSI2P' : 640x480 [206.65 fps - (1000, 752)/1280x960 crop]
                             1640x1232 [41.85 fps - (0, 0)/3280x2464 crop]
                             3280x2464 [21.19 fps - (0, 0)/3280x2464 crop]
           'SRGGB8' : 640x480 [nan fps - (1000, 752)/1280x960 crop]

1 : imx708_wide [4608x2592 10-bit RGGB] (/base/soc/i2c0mux/i2c@1/imx708@1a)
    Modes: 'SRGGB10_CSI2P' : 1536x864 [120.13 fps - (768, 432)/3072x1728 crop]

`;
