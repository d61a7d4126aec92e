/** A file that lies on the server, ready to be imported. */
export interface Upload {
  uploadId: string;
  name: string;
  bytes: number;
}

/** Sends a file to the server; `onProgress` is told the part that has been sent. */
export function upload(file: File, onProgress: (part: number) => void): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch cannot tell how far it is
    request.open('POST', `/api/uploads?name=${encodeURIComponent(file.name)}`);
    request.responseType = 'json';
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0));
    request.addEventListener('load', () =>
      request.status === 200 ? resolve(request.response) : reject(new Error(uploadProblem(request.status))),
    );
    request.addEventListener('error', () => reject(new Error('The connection broke. Try again.')));
    request.send(file);
  });
}

/** Why an upload was refused. */
export function uploadProblem(status: number): string {
  switch (status) {
    case 401:
    case 403:
      return 'Sign in to the studio again.';
    case 413:
      return 'The file is larger than this server takes.';
    default:
      return `The server refused the file (${status}).`;
  }
}
