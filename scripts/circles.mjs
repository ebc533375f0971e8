// Finds import cycles in src, webview, test and bench, including type imports. Exits 1 and prints each cycle.
//   node scripts/circles.mjs
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const importOf = /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s+'(\.[^']+)'|^\s*import\s+'(\.[^']+)'/gm;

/** Returns a map from each TypeScript file in `folders` and their subfolders to the files that it imports. */
export function importGraph(folders) {
	const graph = new Map();
	for (const folder of folders) {
		for (const name of readdirSync(folder, { recursive: true })) {
			const file = path.join(folder, String(name));
			if (/\.tsx?$/.test(file) && !file.endsWith('.d.ts')) {
				const targets = [...readFileSync(file, 'utf8').matchAll(importOf)].map(([, from, bare]) =>
					path.join(path.dirname(file), from ?? bare),
				);
				graph.set(file, targets);
			}
		}
	}
	return graph;
}

/**
 * Returns the groups of files that import one another (Tarjan's strongly connected components of more than one file).
 */
export function circles(graph) {
	const index = new Map();
	const low = new Map();
	const stack = [];
	const found = [];
	const visit = (file) => {
		index.set(file, index.size);
		low.set(file, index.get(file));
		stack.push(file);
		for (const target of graph.get(file) ?? []) {
			if (!graph.has(target)) {
				continue;
			}
			if (!index.has(target)) {
				visit(target);
				low.set(file, Math.min(low.get(file), low.get(target)));
			} else if (stack.includes(target)) {
				low.set(file, Math.min(low.get(file), index.get(target)));
			}
		}
		if (low.get(file) === index.get(file)) {
			const group = stack.splice(stack.indexOf(file));
			if (group.length > 1 || (graph.get(file) ?? []).includes(file)) {
				found.push(group.sort());
			}
		}
	};
	for (const file of graph.keys()) {
		if (!index.has(file)) {
			visit(file);
		}
	}
	return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const found = circles(importGraph(['src', 'webview', 'test', 'bench', 'scripts']));
	for (const group of found) {
		console.error(`circle of imports: ${group.join(' ⇄ ')}`);
	}
	process.exit(found.length > 0 ? 1 : 0);
}
