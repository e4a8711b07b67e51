import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { greetingQuery, signIn } from '../../api/access';
import { ApiError } from '../../api/client';
import { nextOf } from '../../domain/next-page';
import { parseSearch } from '../../domain/search';
import controls from '../../ui/controls.module.css';
import { Logo } from '../../ui/icons';
import { LanguageButton, ThemeButton } from '../../ui/preference-buttons';
import { useUrl } from '../../ui/search';
import styles from './access.module.css';
import { FormField } from './form-field';
import { PasswordForm } from './password-form';
import { useAccessWords } from './words';

/** Whose one-time password the first start's link has. */
const FIRST_USER = 'admin';
/** Read once, when the code of the page arrives, and taken out of the address at once. */
const oneTimePassword = takeFromAddress();
/** It opens the door once, however often the page is drawn anew. */
let isUsed = oneTimePassword === undefined;

export function LoginPage() {
  const words = useAccessWords();
  const url = useUrl();
  const router = useRouter();
  const queries = useQueryClient();
  const [user, setUser] = useState(oneTimePassword ? FIRST_USER : '');
  const [password, setPassword] = useState(oneTimePassword ?? '');
  const { data: { me } = { me: null } } = useQuery(greetingQuery);
  const enter = useMutation({
    mutationFn: () => signIn(user.trim(), password),
    onSuccess: (who) => queries.setQueryData(greetingQuery.queryKey, { me: who }),
  });
  const { mutate } = enter;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, with what the address had
  useEffect(() => {
    if (isUsed) return;
    isUsed = true;
    mutate();
  }, []);
  const mustSet = me?.must_set_password ?? false;
  useEffect(() => {
    document.title = `${mustSet ? words.login.setTitle : words.login.title} · Lanner`;
  }, [mustSet, words]);
  useEffect(() => {
    if (!me || me.must_set_password) return;
    void queries.invalidateQueries();
    const [to, query] = (nextOf(url.next) ?? '/spotlight').split('?', 2);
    void router.navigate({ to, search: parseSearch(query ?? '') as never, replace: true });
  }, [me, url.next, queries, router]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <main className={styles.login}>
      <div className={styles.card}>
        <p className={styles.brand}>
          <Logo />
          Lanner
        </p>
        {me && mustSet ? (
          <>
            <h1>{words.login.setTitle}</h1>
            <p className={styles.muted}>{words.login.setWhy}</p>
            <PasswordForm
              user={me.name}
              current={password || undefined}
              currentLabel={words.login.oneTime}
              onSet={() => void queries.invalidateQueries({ queryKey: greetingQuery.queryKey })}
            />
          </>
        ) : (
          <>
            <h1>{words.login.title}</h1>
            <form className={styles.form} onSubmit={submit}>
              <FormField
                label={words.login.user}
                name="username"
                autoComplete="username"
                autoCapitalize="none"
                required
                autoFocus
                value={user}
                onValue={setUser}
              />
              <FormField
                label={words.login.password}
                name="password"
                type="password"
                autoComplete="current-password"
                required
                value={password}
                onValue={setPassword}
              />
              <p className={styles.error} role="alert">
                {enter.error && told(enter.error, words.login)}
              </p>
              <button
                type="submit"
                className={`${controls.control} ${controls.primary}`}
                disabled={enter.isPending || user === '' || password === ''}
              >
                {words.login.signIn}
              </button>
            </form>
            <p className={styles.muted}>{code(words.login.first)}</p>
            <p className={styles.muted}>{code(words.login.forgot)}</p>
          </>
        )}
      </div>
      <p className={styles.preferences}>
        <LanguageButton />
        <ThemeButton />
      </p>
    </main>
  );
}

/** The fragment of the address: browsers send it nowhere, and after this it stands in no history. */
function takeFromAddress(): string | undefined {
  const text = decodeURIComponent(location.hash.slice(1));
  if (!location.pathname.endsWith('/login') || !/^[a-z0-9-]{8,64}$/.test(text)) return undefined;
  history.replaceState(history.state, '', location.pathname + location.search);
  return text;
}

function told(error: Error, words: ReturnType<typeof useAccessWords>['login']): string {
  const code = error instanceof ApiError ? error.code : '';
  if (code === 'wrong_password') return words.wrong;
  if (code === 'too_many_attempts') return words.tooMany;
  if (code === 'unreachable') return words.unreachable;
  return error.message;
}

/** What stands between backticks is code. */
function code(text: string) {
  return text.split('`').map((part, i) => (i % 2 === 1 ? <code key={part}>{part}</code> : part));
}
