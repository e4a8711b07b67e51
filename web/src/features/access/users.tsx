import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import {
  changeRole,
  deleteUser,
  type Me,
  makeUser,
  type Role,
  resetPassword,
  type User,
  usersQuery,
} from '../../api/access';
import controls from '../../ui/controls.module.css';
import { useFormat } from '../../ui/i18n/words';
import { Section } from '../../ui/section';
import tables from '../../ui/tables.module.css';
import styles from './access.module.css';
import { Confirm } from './confirm';
import { FormField } from './form-field';
import { RoleChoice } from './role-choice';
import { ShownOnce } from './shown-once';
import { useAccessWords } from './words';

export function Users({ me }: { me: Me }) {
  const words = useAccessWords();
  const queries = useQueryClient();
  const { data: users = [] } = useQuery(usersQuery);
  const changed = () => void queries.invalidateQueries();
  const make = useMutation({
    mutationFn: (it: { name: string; role: Role }) => makeUser(it.name, it.role),
    onSuccess: changed,
  });
  const role = useMutation({
    mutationFn: (it: { name: string; role: Role }) => changeRole(it.name, it.role),
    onSettled: changed,
  });
  const reset = useMutation({ mutationFn: resetPassword, onSuccess: changed });
  const remove = useMutation({ mutationFn: deleteUser, onSettled: changed });
  const failed = make.error ?? role.error ?? reset.error ?? remove.error;
  const shown = reset.data ?? make.data;
  return (
    <Section level={2} title={words.users.title} note={String(users.length)}>
      <div className={styles.scroll}>
        <table className={`${tables.table} ${tables.flush}`}>
          <thead>
            <tr>
              <th>{words.users.name}</th>
              <th>{words.users.role}</th>
              <th>{words.users.made}</th>
              <th>{words.users.lastSignIn}</th>
              <th className={tables.number}>{words.users.steps}</th>
            </tr>
          </thead>
          <tbody>
            {users.map((user) => (
              <UserRow
                key={user.name}
                user={user}
                isMe={user.name === me.name}
                onRole={(to) => role.mutate({ name: user.name, role: to })}
                onReset={() => reset.mutate(user.name)}
                onDelete={() => remove.mutate(user.name)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {shown && <ShownOnce told={words.users.handOver(shown.user)} secret={shown.password} />}
      <p className={styles.error} role="alert">
        {failed?.message}
      </p>
      <AddUser onAdd={(name, to) => make.mutateAsync({ name, role: to })} />
    </Section>
  );
}

interface UserRowProps {
  user: User;
  isMe: boolean;
  onRole: (role: Role) => void;
  onReset: () => void;
  onDelete: () => void;
}

function UserRow({ user, isMe, onRole, onReset, onDelete }: UserRowProps) {
  const words = useAccessWords();
  const format = useFormat();
  return (
    <tr>
      <td>
        <b>{user.name}</b> {isMe && <span className={styles.muted}>({words.users.you})</span>}
      </td>
      <td>
        <RoleChoice label={words.users.roleOf(user.name)} role={user.role} onRole={onRole} />
      </td>
      <td>{format.dateTime(user.created_ms)}</td>
      <td>
        {user.last_sign_in_ms === null ? words.users.never : format.dateTime(user.last_sign_in_ms)}
        {user.must_set_password && <span className={styles.muted}> · {words.users.waiting}</span>}
      </td>
      <td className={tables.number}>
        {!isMe && (
          <span className={styles.ends}>
            <Confirm
              label={words.users.reset}
              question={words.users.confirmReset(user.name)}
              yes={words.users.yesReset}
              no={words.users.no}
              onYes={onReset}
            />
            <Confirm
              label={words.users.remove}
              question={words.users.confirm(user.name)}
              yes={words.users.yes}
              no={words.users.no}
              onYes={onDelete}
            />
          </span>
        )}
      </td>
    </tr>
  );
}

function AddUser({ onAdd }: { onAdd: (name: string, role: Role) => Promise<unknown> }) {
  const words = useAccessWords();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAdd(name.trim(), role).then(
      () => setName(''),
      // Told above the form.
      () => {},
    );
  };
  return (
    <form className={styles.row} onSubmit={submit}>
      <FormField
        label={words.users.name}
        placeholder={words.users.nameHint}
        autoCapitalize="none"
        autoComplete="off"
        value={name}
        onValue={setName}
      />
      <RoleChoice label={words.users.role} role={role} onRole={setRole} />
      <button type="submit" className={controls.control} disabled={name.trim() === ''}>
        {words.users.add}
      </button>
    </form>
  );
}
