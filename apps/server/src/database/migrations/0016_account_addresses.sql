-- Addresses are written in lower case by whoever writes them; two that differ by case alone are one.
alter table account drop constraint account_email_check;
create unique index account_address on account (lower(email));
