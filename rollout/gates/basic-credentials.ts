/** An address without the credentials that stood in it, and the header that carries them: `fetch` takes no URL that has some. */
export interface Addressed {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Takes `user:password@` out of a URL (RFC 3986, section 3.2.1) and makes basic authentication (RFC 7617) of it. */
export function basicCredentials(address: string): Addressed {
  const url = new URL(address);
  const { username, password } = url;
  if (username === "" && password === "") return { url: address, headers: {} };
  url.username = "";
  url.password = "";
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    url: url.href,
    headers: { authorization: `Basic ${Buffer.from(pair, "utf8").toString("base64")}` },
  };
}
