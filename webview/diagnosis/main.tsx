import '../kit/base.css';
import './diagnosis.css';
import { mount } from '../kit/mount.tsx';
import { App } from './App.tsx';

mount(<App />);
