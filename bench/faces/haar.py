"""Faces that one of OpenCV's Haar cascades finds in the PGM pictures of a folder, as JSON: name to boxes and ms."""
import json
import os
import sys
import time

import cv2

cascade_file, folder = sys.argv[1:3]
cv2.setNumThreads(1)
cascade = cv2.CascadeClassifier(cascade_file)
looks = {}
for name in sorted(os.listdir(folder)):
    grey = cv2.imread(os.path.join(folder, name), cv2.IMREAD_GRAYSCALE)
    started = time.perf_counter()
    # The usual settings; no face is smaller than 80 pixels here.
    found = cascade.detectMultiScale(grey, scaleFactor=1.1, minNeighbors=4, minSize=(80, 80))
    ms = 1000 * (time.perf_counter() - started)
    boxes = [dict(zip(("x", "y", "width", "height"), map(int, box))) for box in found]
    looks[name] = {"boxes": boxes, "ms": ms}
json.dump(looks, sys.stdout)
