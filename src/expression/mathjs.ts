import { create, derivativeDependencies, parseDependencies } from "mathjs/number";

/**
 * The one mathjs instance of the program: the number build with `parse` and `derivative` only. The build puts
 * it into one file, since loading the library's twelve hundred takes longer than a derivation.
 */
export const mathjs = create({ ...parseDependencies, ...derivativeDependencies });
