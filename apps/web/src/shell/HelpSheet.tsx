import { CSPProvider } from '@base-ui/react/csp-provider';
import { Dialog } from '@base-ui/react/dialog';
import { Switch } from '@base-ui/react/switch';
import { X } from 'lucide-react';
import { useMe } from '../access/useMe.ts';
import { KEY_MAP, type KeyAct } from '../keys/keyMap.ts';
import { setSingleKeys, useSingleKeys } from '../keys/singleKeys.ts';
import { Key } from '../ui/Key.tsx';
import { DESTINATIONS } from './destinations.ts';

type Props = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** Every key that leads somewhere for whoever is signed in, and the switch that turns the single ones off. */
export const HelpSheet = ({ open, onOpenChange }: Props) => {
  const on = useSingleKeys();
  const permissions = useMe()?.permissions ?? [];
  const closed = new Set<KeyAct>(
    DESTINATIONS.filter(({ permission }) => !permissions.includes(permission)).map(({ act }) => act),
  );
  return (
    <CSPProvider disableStyleElements>
      <Dialog.Root open={open} onOpenChange={onOpenChange}>
        <Dialog.Portal>
          <Dialog.Backdrop className="fixed inset-0 bg-text/20" />
          <Dialog.Popup className="popup fixed top-1/2 left-1/2 z-10 max-h-11/12 w-11/12 max-w-sheet -translate-x-1/2 -translate-y-1/2 overflow-y-auto">
            <div className="flex items-center justify-between border-b border-line py-2 pr-2 pl-5">
              <Dialog.Title className="text-reading font-semibold">Keys</Dialog.Title>
              <Dialog.Close className="icon-button" aria-label="Close the list of keys">
                <X className="size-4" strokeWidth={1.5} aria-hidden="true" />
              </Dialog.Close>
            </div>
            <ul className="px-5 py-2">
              {(Object.keys(KEY_MAP) as KeyAct[])
                .filter((act) => !closed.has(act))
                .map((act) => (
                  <li
                    key={act}
                    className="flex items-center justify-between border-b border-hair py-1.5 text-dense last:border-0"
                  >
                    {KEY_MAP[act].say}
                    <span className="flex gap-1">
                      {KEY_MAP[act].shown.map((key) => (
                        <Key key={key}>{key}</Key>
                      ))}
                    </span>
                  </li>
                ))}
            </ul>
            {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control */}
            <label className="flex items-center justify-between gap-6 border-t border-line px-5 py-3">
              <span>
                <span className="block text-dense font-medium">Single keys</span>
                <span className="block text-meta text-text2">
                  Switch them off if you dictate, or if keys get pressed by chance. Arrows, Enter and Esc stay.
                </span>
              </span>
              <Switch.Root
                checked={on}
                onCheckedChange={setSingleKeys}
                className="flex h-5 w-9 shrink-0 items-center rounded-round border border-line2 bg-sunken px-0.5 data-checked:border-ok data-checked:bg-ok"
              >
                <Switch.Thumb className="size-3.5 rounded-round bg-line2 data-checked:translate-x-4 data-checked:bg-bg" />
              </Switch.Root>
            </label>
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </CSPProvider>
  );
};
