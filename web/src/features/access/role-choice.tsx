import type { Role } from '../../api/access';
import controls from '../../ui/controls.module.css';
import { useWords } from '../../ui/i18n/words';
import { useAccessWords } from './words';

const ROLES: Role[] = ['viewer', 'responder', 'editor', 'admin'];

interface RoleChoiceProps {
  label: string;
  role: Role;
  onRole: (role: Role) => void;
}

export function RoleChoice({ label, role, onRole }: RoleChoiceProps) {
  const words = useWords();
  const own = useAccessWords();
  return (
    <select
      className={controls.control}
      aria-label={label}
      title={own.access.roles[role]}
      value={role}
      onChange={(event) => onRole(event.target.value as Role)}
    >
      {ROLES.map((it) => (
        <option key={it} value={it}>
          {words.user.roles[it]}: {own.access.roles[it]}
        </option>
      ))}
    </select>
  );
}
