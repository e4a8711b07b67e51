import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { meQuery, signOut } from '../api/access';
import controls from '../ui/controls.module.css';
import { useWords } from '../ui/i18n/words';
import { Icon } from '../ui/icons';
import { Popover } from '../ui/popover';
import { keepCommon } from '../ui/search';
import styles from './user-menu.module.css';

/** Who is signed in, what they may do, and the way out. */
export function UserMenu() {
  const words = useWords();
  const { data: me } = useQuery(meQuery);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: signOut,
    onSettled: () => {
      queries.clear();
      void navigate({ to: '/login', search: {} as never });
    },
  });
  if (!me) return null;
  return (
    <Popover
      button={<Icon name="user" />}
      buttonClass={controls.icon}
      label={words.user.menu(me.name)}
      align="end"
    >
      {(close) => (
        <div className={styles.menu}>
          <p>
            <b>{me.name}</b>
            <span>{words.user.roles[me.role]}</span>
          </p>
          <Link to="/settings/access" search={keepCommon()} className={controls.control} onClick={close}>
            {words.user.account}
          </Link>
          <button
            type="button"
            className={controls.control}
            disabled={leave.isPending}
            onClick={() => leave.mutate()}
          >
            {words.user.signOut}
          </button>
        </div>
      )}
    </Popover>
  );
}
