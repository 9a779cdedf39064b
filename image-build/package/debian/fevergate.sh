#!/bin/sh
exec /usr/bin/node /usr/lib/fevergate/dist/cli.js "$@"
