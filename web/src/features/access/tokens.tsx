import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { makeToken, type NewToken, type Role, revokeToken, type Token, tokensQuery } from '../../api/access';
import controls from '../../ui/controls.module.css';
import { useFormat, useWords } from '../../ui/i18n/words';
import { useNow } from '../../ui/search';
import { Section } from '../../ui/section';
import tables from '../../ui/tables.module.css';
import styles from './access.module.css';
import { Confirm } from './confirm';
import { FormField } from './form-field';
import { RoleChoice } from './role-choice';
import { ShownOnce } from './shown-once';
import { useAccessWords } from './words';

const DAYS = [30, 90, 365];

export function Tokens() {
  const words = useAccessWords();
  const queries = useQueryClient();
  const { data: tokens } = useQuery(tokensQuery);
  const changed = () => void queries.invalidateQueries();
  const make = useMutation({ mutationFn: makeToken, onSuccess: changed });
  const revoke = useMutation({ mutationFn: revokeToken, onSettled: changed });
  const failed = make.error ?? revoke.error;
  return (
    <Section level={2} title={words.tokens.title} note={words.tokens.why}>
      {tokens?.length === 0 && <p className={styles.muted}>{words.tokens.none}</p>}
      {tokens && tokens.length > 0 && (
        <div className={styles.scroll}>
          <table className={`${tables.table} ${tables.flush}`}>
            <thead>
              <tr>
                <th>{words.tokens.name}</th>
                <th>{words.users.role}</th>
                <th>{words.tokens.by}</th>
                <th>{words.tokens.made}</th>
                <th>{words.tokens.used}</th>
                <th>{words.tokens.ends}</th>
                <th className={tables.number}>{words.users.steps}</th>
              </tr>
            </thead>
            <tbody>
              {tokens.map((token) => (
                <TokenRow key={token.id} token={token} onRevoke={() => revoke.mutate(token.id)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {make.data && <ShownOnce told={words.tokens.key(make.data.token.name)} secret={make.data.key} />}
      <p className={styles.error} role="alert">
        {failed?.message}
      </p>
      <AddToken onAdd={(token) => make.mutateAsync(token)} />
    </Section>
  );
}

function TokenRow({ token, onRevoke }: { token: Token; onRevoke: () => void }) {
  const words = useAccessWords();
  const { roles } = useWords().user;
  const format = useFormat();
  const now = useNow(10_000);
  const ends = token.expires_ms;
  return (
    <tr>
      <td>
        <b>{token.name}</b>
      </td>
      <td>{roles[token.role]}</td>
      <td>{token.created_by}</td>
      <td>{format.dateTime(token.created_ms)}</td>
      <td>{token.last_used_ms === null ? words.tokens.never : format.ago(token.last_used_ms, now)}</td>
      <td>
        {ends === null ? words.tokens.whenRevoked : ends <= now ? words.tokens.over : format.dateTime(ends)}
      </td>
      <td className={tables.number}>
        <Confirm
          label={words.tokens.revoke}
          question={words.tokens.confirm(token.name)}
          yes={words.tokens.revoke}
          no={words.users.no}
          onYes={onRevoke}
        />
      </td>
    </tr>
  );
}

function AddToken({ onAdd }: { onAdd: (token: NewToken) => Promise<unknown> }) {
  const words = useAccessWords();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [days, setDays] = useState('90');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAdd({ name: name.trim(), role, expires_in_days: days === '' ? null : Number(days) }).then(
      () => setName(''),
      // Told above the form.
      () => {},
    );
  };
  return (
    <form className={styles.row} onSubmit={submit}>
      <FormField label={words.tokens.name} autoComplete="off" maxLength={64} value={name} onValue={setName} />
      <RoleChoice label={words.users.role} role={role} onRole={setRole} />
      <select
        className={controls.control}
        aria-label={words.tokens.end}
        value={days}
        onChange={(event) => setDays(event.target.value)}
      >
        {DAYS.map((n) => (
          <option key={n} value={n}>
            {words.tokens.days(n)}
          </option>
        ))}
        <option value="">{words.tokens.whenRevoked}</option>
      </select>
      <button type="submit" className={controls.control} disabled={name.trim() === ''}>
        {words.tokens.add}
      </button>
    </form>
  );
}
