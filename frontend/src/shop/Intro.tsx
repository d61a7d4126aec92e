import { Button, Group, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from 'urql';
import { PersonasDocument } from '../api/generated/shop/graphql';
import { useSession } from '../api/Session';
import { LinkButton } from '../ui/links';
import classes from './Intro.module.css';
import { SignInDialog } from './SignIn';

/** The head of the start page: who is here, and what they can try. */
export function Intro() {
  const { viewer } = useSession();
  return viewer.user && !viewer.isAnonymous ? (
    <section className={classes.intro}>
      <Title order={1} className={classes.title}>
        Welcome back{viewer.user.name && `, ${viewer.user.name}`}
      </Title>
      {viewer.user.persona && (
        <Text c="dimmed" size="lg">
          Someone who {viewer.user.persona}.
        </Text>
      )}
      <LinkButton to="/taste" variant="default" mt="sm">
        See what we know of your taste
      </LinkButton>
    </section>
  ) : (
    <Visitor />
  );
}

function Visitor() {
  const [choosing, dialog] = useDisclosure(false);
  const [{ data }] = useQuery({ query: PersonasDocument });
  // Outside the demo there is nobody to shop as.
  const alone = data?.personas.length === 0;
  return (
    <section className={classes.intro}>
      <Title order={1} className={classes.title}>
        A shop that keeps step with you
      </Title>
      <Text c="dimmed" size="lg" maw={620}>
        Rate, like or hide anything: the row below re-ranks as you click, and every suggestion can tell you why.
      </Text>
      <Group mt="sm">
        {!alone && <Button onClick={dialog.open}>Shop as someone</Button>}
        <LinkButton to="/questions" variant={alone ? 'filled' : 'default'}>
          Answer five questions
        </LinkButton>
        <LinkButton to="/browse" variant="subtle">
          Browse everything
        </LinkButton>
      </Group>
      {choosing && <SignInDialog close={dialog.close} />}
    </section>
  );
}
