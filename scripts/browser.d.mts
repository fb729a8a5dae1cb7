import type { Plugin } from 'esbuild'

/** An esbuild plugin, for those who bundle src/index.ts (or a program that uses it) themselves. */
export declare const embeddedParser: Plugin

/** The bundle's text: an ECMAScript module, or with `format: 'iife'` a script that sets the global `migrateLint`. */
export declare function bundleForBrowser(options?: { format?: 'esm' | 'iife'; minify?: boolean }): Promise<string>
