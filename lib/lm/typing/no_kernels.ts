/** In place of the kernels in base64, where a program never starts the backend that they are for. */

/** No module. */
export const plain = "";

/** No module. */
export const relaxed = "";
