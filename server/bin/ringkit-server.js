#!/usr/bin/env node
// A file of its own, so that npm finds it before the first build, and links it.
import '../dist/server/cli.js';
