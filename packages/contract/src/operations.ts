import * as access from './access.ts';
import * as accounts from './accounts.ts';
import * as activities from './activities.ts';
import { closeAlert, listAlerts } from './alerts.ts';
import { listChannels, testChannel } from './channels.ts';
import { CONTACT_ACTS } from './contactActs.ts';
import * as contacts from './contacts.ts';
import { closeDeal, createDeal, moveDeal } from './deals.ts';
import * as deliveries from './deliveries.ts';
import { readDemo, removeDemo, startDemo } from './demo.ts';
import { fastTrackContact } from './fastTrack.ts';
import { describeForm, listForms } from './forms.ts';
import { HANDOFF_ACTS, readHandoffActions } from './handoffActs.ts';
import * as handoffs from './handoffs.ts';
import { readFormToken, SEGMENT_OPERATIONS, sendEvents, submitForm } from './ingest.ts';
import * as leaks from './leaks.ts';
import * as me from './me.ts';
import { mergeContacts, unmergeContact } from './mergeContacts.ts';
import * as myAccount from './myAccount.ts';
import { listNotices, readNotices } from './notices.ts';
import type { Operation } from './operation.ts';
import * as people from './people.ts';
import { readPolicyInForce } from './policyInForce.ts';
import { listQuarantine } from './quarantine.ts';
import { readRepCalendar, removeRepCalendar, setRepCalendar } from './repCalendar.ts';
import * as signIn from './signIn.ts';
import * as tasks from './tasks.ts';
import * as templates from './templates.ts';
import * as webhooks from './webhooks.ts';

/** Every operation of the API, in the order in which its document shows them. */
export const OPERATIONS = [
  sendEvents,
  ...Object.values(SEGMENT_OPERATIONS),
  activities.sendActivities,
  activities.listActivities,
  activities.resolveActivity,
  submitForm,
  readFormToken,
  listForms,
  describeForm,
  handoffs.listHandoffs,
  handoffs.countHandoffs,
  handoffs.readHandoff,
  readHandoffActions,
  ...Object.values(HANDOFF_ACTS),
  tasks.listTasks,
  tasks.completeTask,
  createDeal,
  moveDeal,
  closeDeal,
  contacts.listContacts,
  contacts.readContact,
  mergeContacts,
  unmergeContact,
  fastTrackContact,
  ...Object.values(CONTACT_ACTS),
  readPolicyInForce,
  listQuarantine,
  people.listReps,
  people.readRep,
  people.addRep,
  people.changeRep,
  people.deactivateRep,
  people.markRepAway,
  people.markRepBack,
  people.listTimeOff,
  people.addTimeOff,
  people.removeTimeOff,
  readRepCalendar,
  setRepCalendar,
  removeRepCalendar,
  people.listTeams,
  people.setTeam,
  people.setTeamMember,
  people.removeTeamMember,
  people.nextInTeam,
  people.whyNotRep,
  people.listTerritories,
  people.previewTerritories,
  people.importTerritories,
  leaks.listLeaks,
  leaks.listLeakChecks,
  leaks.checkLeaks,
  leaks.mendLeak,
  listChannels,
  testChannel,
  listNotices,
  readNotices,
  templates.previewTemplate,
  templates.listTemplates,
  templates.saveTemplate,
  templates.removeTemplate,
  deliveries.listDeliveries,
  deliveries.readDelivery,
  deliveries.replayDeliveries,
  deliveries.replayDelivery,
  listAlerts,
  closeAlert,
  webhooks.listWebhooks,
  webhooks.addWebhook,
  webhooks.setWebhook,
  webhooks.rotateWebhookSecret,
  webhooks.testWebhook,
  webhooks.removeWebhook,
  startDemo,
  readDemo,
  removeDemo,
  signIn.login,
  signIn.verifyCode,
  signIn.listSignInWays,
  signIn.beginPasskey,
  signIn.signInByPasskey,
  signIn.beginSso,
  signIn.readInvitation,
  signIn.acceptInvitation,
  signIn.forgotPassword,
  signIn.resetPassword,
  me.logout,
  me.readMe,
  myAccount.changeMe,
  myAccount.setMyPassword,
  myAccount.listMySessions,
  myAccount.endMySession,
  myAccount.signOutEverywhere,
  myAccount.beginTotp,
  myAccount.confirmTotp,
  myAccount.removeTotp,
  myAccount.listMyPasskeys,
  myAccount.beginMyPasskey,
  myAccount.addMyPasskey,
  myAccount.removeMyPasskey,
  accounts.listAccounts,
  accounts.inviteAccount,
  accounts.changeAccount,
  accounts.deactivateAccount,
  accounts.activateAccount,
  accounts.resetAccount,
  access.listKeys,
  access.createKey,
  access.revokeKey,
] as const satisfies readonly Operation[];
