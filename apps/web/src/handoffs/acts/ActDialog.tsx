import { CSPProvider } from '@base-ui/react/csp-provider';
import { Dialog } from '@base-ui/react/dialog';
import type { HandoffDetail } from '@baton/contract/handoffs.ts';
import { X } from 'lucide-react';
import { contactName } from '../rowText.ts';
import type { AskingVerb } from './ActBar.tsx';
import { AssignForm } from './AssignForm.tsx';
import { HandBackForm } from './HandBackForm.tsx';
import type { HandoffAct } from './handoffAct.ts';
import { LogContactForm } from './LogContactForm.tsx';
import { ParkForm } from './ParkForm.tsx';
import { RejectForm } from './RejectForm.tsx';

type Props = {
  readonly verb: AskingVerb;
  readonly detail: HandoffDetail;
  readonly onClose: () => void;
  readonly onAct: (act: HandoffAct) => void;
};

/** What each verb's form is called, above the name. */
const TITLE = {
  'log-contact': 'Log a contact',
  reject: 'Reject',
  park: 'Bad timing',
  'hand-back': 'Hand back',
  assign: 'Assign',
} as const;

/** Asks what a verb needs to know; Enter does it, Esc leaves all as it is. */
export const ActDialog = ({ verb, detail, onClose, onAct }: Props) => (
  <CSPProvider disableStyleElements>
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 bg-text/20" />
        <Dialog.Popup className="popup fixed top-1/2 left-1/2 z-10 max-h-11/12 w-11/12 max-w-sheet -translate-x-1/2 -translate-y-1/2 overflow-y-auto">
          <div className="flex items-center justify-between gap-3 border-b border-line py-2 pr-2 pl-5">
            <Dialog.Title className="min-w-0 text-reading font-semibold wrap-anywhere">
              {TITLE[verb]}: {contactName(detail.row)}
            </Dialog.Title>
            <Dialog.Close className="icon-button shrink-0" aria-label="Close, change nothing">
              <X className="size-4" strokeWidth={1.5} aria-hidden="true" />
            </Dialog.Close>
          </div>
          {verb === 'log-contact' ? <LogContactForm onAct={onAct} /> : null}
          {verb === 'reject' ? <RejectForm reasons={detail.rejectReasons} onAct={onAct} /> : null}
          {verb === 'hand-back' ? <HandBackForm onAct={onAct} /> : null}
          {verb === 'assign' ? <AssignForm ownerId={detail.row.owner?.id ?? null} onAct={onAct} /> : null}
          {verb === 'park' ? <ParkForm onAct={onAct} /> : null}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  </CSPProvider>
);
