/** To the page that was asked for, with the session that there is now. */
export const goIn = (): void => {
  if (location.pathname === '/sign-in') location.assign('/');
  else location.reload();
};
