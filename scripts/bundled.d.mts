/** Folders of the packages that these files belong to: the keys of `inputs` in esbuild's metafile. */
export declare function packagesOf(inputs: readonly string[]): string[]

/** The notices that the licences ask for. Throws when a package has none. */
export declare function licences(packages: readonly string[]): Promise<string>

/** The bill of materials of a bundle: CycloneDX 1.4, the same for the same packages. Throws when one is not that of package-lock.json. */
export declare function billOfMaterials(packages: readonly string[]): Promise<string>
