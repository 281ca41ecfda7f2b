/**
 * Fails when something that a room exports has no doc comment. Run by `deno task ok`.
 *
 * It is `deno doc --lint` on every door, less what it says of other people's packages and of types
 * that one door borrows from another.
 */
import { floors } from "./rooms.ts";

const rooms = floors.flat().map((room) => room.endsWith(".ts") ? room : `${room}/mod.ts`);
const there = await Promise.all(rooms.map((door) => Deno.stat(door).then(() => true, () => false)));
const doors = rooms.filter((_, index) => there[index]);

const { stderr } = await new Deno.Command("deno", {
  args: ["doc", "--lint", ...doors.toSorted()],
  env: { NO_COLOR: "1" },
}).output();
const missing = new TextDecoder().decode(stderr).split("\n\n").filter((fault) =>
  fault.includes("error[missing-jsdoc]") && /--> .*\/lib\/\w/.test(fault)
);
for (const fault of missing) console.error(`${fault.trim()}\n`);
console.log(
  missing.length > 0
    ? `${missing.length} public symbols have no doc comment`
    : `Every public symbol of ${doors.length} doors has a doc comment`,
);
Deno.exit(missing.length > 0 ? 1 : 0);
