/** Files of the GitHub Action, by path from the root of the repository. */
export declare function actionFiles(): Promise<ReadonlyMap<string, Buffer>>

/** Writes what changed and removes what is not the action's. Returns the paths. */
export declare function writeAction(): Promise<string[]>
