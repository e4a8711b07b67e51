import { useState } from 'react';
import controls from '../../ui/controls.module.css';

interface SureProps {
  label: string;
  sure: string;
  busy: boolean;
  className?: string;
  onSure: () => void;
}

/** Asks once more where something ends. */
export function Sure({ label, sure, busy, className = controls.control, onSure }: SureProps) {
  const [asked, setAsked] = useState(false);
  return (
    <button
      type="button"
      className={className}
      disabled={busy}
      onBlur={() => setAsked(false)}
      onClick={() => (asked ? onSure() : setAsked(true))}
    >
      {asked ? sure : label}
    </button>
  );
}
