import { assert } from "@std/assert";
import {
  gruPicture,
  transformerPicture,
  unrolledPicture,
} from "../../../lib/lm/page/architectures.ts";

const pictures = {
  transformer: { draw: transformerPicture, shows: ["[B, T, 3C]", "residual stream", "logits"] },
  unrolled: { draw: unrolledPicture, shows: ["state [B, H]", "of character 4"] },
  gru: { draw: gruPicture, shows: ["update gate z", "new state h′"] },
};

for (const [name, { draw, shows }] of Object.entries(pictures)) {
  Deno.test(`the picture of the ${name} shows its parts and what flows between them`, async () => {
    const drawn = `${await draw()}`.replaceAll("&#45;", "-");
    for (const part of shows) assert(drawn.includes(part), `${part} in ${drawn}`);
  });
}
