// @ts-check
// Sends one file, with its bytes counted.

/**
 * The status is 0 if no answer came. fetch cannot say how much was sent.
 * @param {File} file
 * @param {(share: number) => void} progressed from 0 to 1
 * @returns {{done: Promise<{status: number, answer: any}>, abort: () => void}}
 */
export function send(file, progressed) {
  const request = new XMLHttpRequest();
  request.open("POST", `/api/upload?name=${encodeURIComponent(file.name.toWellFormed())}`);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.responseType = "json";
  request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
    if (lengthComputable) progressed(loaded / Math.max(total, 1));
  };
  /** @type {Promise<{status: number, answer: any}>} */
  const done = new Promise((settle) => {
    request.onloadend = () => settle({ status: request.status, answer: request.response });
  });
  request.send(file);
  return { done, abort: () => request.abort() };
}
