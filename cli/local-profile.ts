/** The profile that runs on the embedded cluster. */
export const LOCAL_PROFILE = "local";
