// Property tests draw the same cases in every run, so that a failing check is about the change that it checks.
// SEED=7 npm run unit draws others.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["SEED"] ?? 123) });
